import { type Answer, JSON_TYPE, json, Refusal } from "../answer";
import { readAttributes, refuseOthers } from "../bodies/json-body";
import { withMissingQuote, withTrailingComma } from "../bodies/sloppy-json";
import type { Call, Endpoint } from "./endpoint";

const ACTIONS = {
  actions: [
    { id: "reset", description: "Reset device", url: "/api/v1/actions/reset" },
    {
      id: "saveConfiguration",
      description: "Save device configuration to NVRAM",
      url: "/api/v1/actions/saveConfiguration",
    },
  ],
};

/** Maintenance actions (LTRT-41760 section 5). */
export const ACTION_ENDPOINTS: Endpoint[] = [
  {
    path: "/api/v1/actions",
    methods: {
      GET: {
        level: "Administrator",
        produces: JSON_TYPE,
        run: ({ device }) => json(200, device.dialect.sloppyJson ? withTrailingComma(ACTIONS) : ACTIONS),
      },
    },
  },
  {
    path: "/api/v1/actions/reset",
    methods: { POST: { level: "Administrator", produces: JSON_TYPE, run: reset } },
  },
  {
    path: "/api/v1/actions/saveConfiguration",
    methods: {
      POST: {
        level: "Administrator",
        produces: JSON_TYPE,
        run: ({ device }) => {
          device.save();
          return { status: 200 };
        },
      },
    },
  },
];

/** The answer comes at once; what is to be saved is saved when the calls have ended and the device goes down. */
function reset({ device, body }: Call): Answer {
  const {
    saveConfiguration = true,
    gracefulTimeout = 0,
    ...others
  }: Record<string, unknown> = body.length === 0 ? {} : readAttributes(body); // All attributes are optional, and so is the body.
  refuseOthers(others);
  if (typeof saveConfiguration !== "boolean") throw new Refusal(400, "Invalid value of saveConfiguration");
  if (!Number.isInteger(gracefulTimeout) || Number(gracefulTimeout) < 0)
    throw new Refusal(400, "Invalid value of gracefulTimeout");
  const answer = { description: "Device will reset now" };
  return {
    ...json(200, device.dialect.sloppyJson ? withMissingQuote(answer) : answer),
    after: { gracefulTimeout: Number(gracefulTimeout), save: saveConfiguration },
  };
}
