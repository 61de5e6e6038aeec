import { type Answer, description, JSON_TYPE, json, Refusal, wholeConfigurationTaken } from "../answer";
import { withMissingComma } from "../bodies/sloppy-json";
import { fileText } from "../bodies/upload";
import { IniRefusal } from "../config/grammar";
import { LoadRefusal } from "../config/load";
import type { Dialect } from "../device/dialect";
import { type Call, downloading, type Endpoint } from "./endpoint";

const file = (id: string, text: string) => ({ id, description: text, url: `/api/v1/files/${id}` });

/** The listing omits the incremental and the auxiliary entries, as the manual's does (LTRT-41760 section 6). */
const FILES = [
  file("ini", "INI configuration file"),
  file("software", "Software load"),
  file("cliScript", "CLI configuration script"),
];

/**
 * What the listing of version 7.4 has beside (REST API of version 7.4, "Additional Files"), without `codertable`, and without
 * `debugFile`, which 7.40A.600 brought. This device has no certificates, packages and users files: their URLs are
 * answered 404.
 */
const FILES_OF_7_4 = [
  file("amd", "Answering machine detection file"),
  file("castable", "CAS table file"),
  file("cpt", "Call progress tones file"),
  file("dialplan", "Dial plan file"),
  file("prt", "Pre-recorded tones file"),
  file("voiceprompts", "Voice prompts file"),
  file("configurationPackage", "Configuration package"),
  file("sbcWizard", "SBC wizard template package"),
  file("tls", "TLS certificates"),
  file("usersInfo", "Users information file"),
];

function listing({ old, sloppyJson }: Dialect): Answer {
  const files = { files: old ? FILES : [...FILES, ...FILES_OF_7_4] };
  return json(200, sloppyJson ? withMissingComma(files) : files);
}

/** The ini file, whole and partial (LTRT-41760 section 6.1). */
export const INI_ENDPOINTS: Endpoint[] = [
  {
    path: "/api/v1/files",
    methods: {
      GET: {
        level: "Administrator",
        produces: JSON_TYPE,
        run: ({ device }) => listing(device.dialect),
      },
    },
  },
  {
    path: "/api/v1/files/ini",
    methods: {
      GET: downloading((device) => device.running.dump()),
      PUT: {
        level: "Administrator",
        produces: JSON_TYPE,
        takesFile: "whole",
        run: (call) => {
          load(call, (text) => call.device.loadFullIni(text));
          return wholeConfigurationTaken();
        },
      },
    },
  },
  {
    path: "/api/v1/files/ini/incremental",
    methods: {
      PUT: {
        level: "Administrator",
        produces: JSON_TYPE,
        takesFile: "whole",
        run: (call) => {
          load(call, (text) => call.device.loadIncrementalIni(text));
          // The manual's example has no body; later firmware describes what it did.
          return call.device.dialect.old
            ? { status: 200 }
            : description(200, "Incremental INI file was loaded.");
        },
      },
    },
  },
];

function load({ body }: Call, apply: (text: string) => void): void {
  const text = fileText(body, "ini file");
  try {
    apply(text);
  } catch (error) {
    if (error instanceof IniRefusal || error instanceof LoadRefusal) throw new Refusal(400, error.message);
    throw error;
  }
}
