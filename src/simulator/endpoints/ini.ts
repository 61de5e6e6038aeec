import { description, JSON_TYPE, json, Refusal, wholeConfigurationTaken } from "../answer";
import { withMissingComma } from "../bodies/sloppy-json";
import { fileText } from "../bodies/upload";
import { IniRefusal } from "../config/grammar";
import { LoadRefusal } from "../config/load";
import { type Call, downloading, type Endpoint } from "./endpoint";

/** The listing omits the incremental and the auxiliary entries, as the manual's does (LTRT-41760 section 6). */
const FILES = {
  files: [
    { id: "ini", description: "INI configuration file", url: "/api/v1/files/ini" },
    { id: "software", description: "Software load", url: "/api/v1/files/software" },
    { id: "cliScript", description: "CLI configuration script", url: "/api/v1/files/cliScript" },
  ],
};

/** The ini file, whole and partial (LTRT-41760 section 6.1). */
export const INI_ENDPOINTS: Endpoint[] = [
  {
    path: "/api/v1/files",
    methods: {
      GET: {
        level: "Administrator",
        produces: JSON_TYPE,
        run: ({ device }) => json(200, device.dialect.sloppyJson ? withMissingComma(FILES) : FILES),
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
