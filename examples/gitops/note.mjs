// Writes the report into the merge request, over the one of the last run: node note.mjs comment.md
import { readFileSync } from "node:fs";

const { CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID, REPORT_TOKEN } = process.env;
const notes = `${CI_API_V4_URL}/projects/${CI_PROJECT_ID}/merge_requests/${CI_MERGE_REQUEST_IID}/notes`;
const MARK = "<!-- pulumi-mediant report -->";

// A note that says why there is no report has no mark of its own.
const text = readFileSync(process.argv[2], "utf8");
const body = text.startsWith(MARK) ? text : `${MARK}\n\n${text}`;

const earlier = await lastOfOurs();
await call(earlier === undefined ? "POST" : "PUT", earlier === undefined ? notes : `${notes}/${earlier.id}`, {
  body,
});

async function lastOfOurs() {
  for (let page = 1; ; page += 1) {
    const found = await call("GET", `${notes}?sort=desc&order_by=created_at&per_page=100&page=${page}`);
    const ours = found.find((note) => note.body.startsWith(MARK));
    if (ours !== undefined || found.length < 100) return ours;
  }
}

async function call(method, url, content) {
  const response = await fetch(url, {
    method,
    headers: { "PRIVATE-TOKEN": REPORT_TOKEN, "Content-Type": "application/json" },
    body: content && JSON.stringify(content),
  });
  if (!response.ok) throw new Error(`${method} ${url.replace(/\?.*/, "")}: ${response.status}`);
  return response.json();
}
