import { type Answer, json, Refusal } from "../answer";
import { withTrailingComma } from "../bodies/sloppy-json";
import { type Endpoint, reading } from "./endpoint";

const VERSIONS = { versions: [{ id: "v1", status: "stable", url: "/api/v1" }] };

const item = (id: string, text: string, url = `/api/v1/${id}`) => ({ id, description: text, url });

/** The manual's tree names the wrong url for the alarms; later editions have it right. */
const tree = (old: boolean) => ({
  items: [
    item("actions", "Device actions"),
    item("alarms", "Device alarms", old ? "/api/v1/actions" : undefined),
    item("files", "Upload and download of configuration files"),
    item("license", "License management"),
    item("performanceMonitoring", "Performance monitoring"),
    item("status", "Device status"),
    ...(old ? [] : [item("kpi", "Key performance indicators")]),
  ],
});

/** The folders above all (LTRT-41760 sections 3 and 4). */
export const ROOT_ENDPOINTS: Endpoint[] = [
  {
    path: "/api/v1/kpi",
    methods: reading(({ device }): Answer => {
      if (device.dialect.old) throw new Refusal(404, "Invalid URL");
      const folder = (id: string, text: string) => item(id, text, `/api/v1/kpi/${id}`);
      return json(200, { items: [folder("current", "Current values"), folder("history", "Past intervals")] });
    }),
  },
  {
    // Nothing is measured (REST API of version 7.4, "Specific Performance Monitoring").
    path: /^\/api\/v1\/kpi\/(?:current|history)(?:\/[^/]+){0,5}$/,
    methods: reading(({ device }): Answer => {
      if (device.dialect.old) throw new Refusal(404, "Invalid URL");
      return { status: 204 };
    }),
  },
  { path: "/api", methods: reading(() => json(200, VERSIONS)) },
  {
    path: "/api/v1",
    methods: reading(({ device }): Answer => {
      const { old, sloppyJson } = device.dialect;
      return json(200, sloppyJson ? withTrailingComma(tree(old)) : tree(old));
    }),
  },
];
