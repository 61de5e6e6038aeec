import { description, FILE_TYPE, JSON_TYPE } from "./answer";
import { answerScript } from "./cli-answer";
import type { Endpoint } from "./endpoint";
import { fileText } from "./upload";

/** The CLI script, whole and partial (LTRT-41760 section 6.2). */
export const CLI_ENDPOINTS: Endpoint[] = [
  {
    path: "/api/v1/files/cliScript",
    methods: {
      GET: {
        level: "Administrator",
        produces: FILE_TYPE,
        run: ({ device }) => ({
          status: 200,
          body: Buffer.from(device.cliScriptFile()),
          contentType: FILE_TYPE,
        }),
      },
      PUT: {
        level: "Administrator",
        produces: JSON_TYPE,
        takesFile: "whole",
        run: ({ device, body }) => {
          device.loadFullCli(fileText(body, "CLI script"));
          return {
            ...description(200, "Device will reset now to activate new configuration"),
            after: { gracefulTimeout: 0, save: false },
          };
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
