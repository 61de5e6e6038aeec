/** A server for uploads of any size, in a process of its own: prints its port, and drops what it is sent. */
import http from "node:http";
import type { AddressInfo } from "node:net";

const server = http.createServer((incoming, response) => {
  incoming.resume().on("end", () => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end('{"versionID": "7.40A.250.440"}');
  });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
