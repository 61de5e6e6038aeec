import { JSON_TYPE, wholeConfigurationTaken } from "../answer";
import { fileText } from "../bodies/upload";
import { answerScript } from "../cli/answer";
import { downloading, type Endpoint } from "./endpoint";

/** The CLI script, whole and partial (LTRT-41760 section 6.2). */
export const CLI_ENDPOINTS: Endpoint[] = [
  {
    path: "/api/v1/files/cliScript",
    methods: {
      GET: downloading((device) => device.cliScriptFile()),
      PUT: {
        level: "Administrator",
        produces: JSON_TYPE,
        takesFile: "whole",
        run: ({ device, body }) => {
          device.loadFullCli(fileText(body, "CLI script"));
          return wholeConfigurationTaken();
        },
      },
    },
  },
  {
    path: "/api/v1/files/cliScript/incremental",
    methods: {
      PUT: {
        level: "Administrator",
        produces: JSON_TYPE,
        takesFile: "whole",
        run: ({ device, body }) =>
          answerScript(device.runCli(fileText(body, "CLI script")), device.cliAnswerStyle),
      },
    },
  },
];
