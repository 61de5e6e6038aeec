/** The address that providers are started with: as long as it takes connections, the engine lives. */
import { type AddressInfo, createServer, type Socket } from "node:net";

export interface Presence {
  /** `127.0.0.1:49152` */
  address: string;
  close(): void;
}

/** What Pulumi serves there, an engine for plugins, no dynamic provider asks for; that it listens, a provider may ask. */
export async function showPresence(): Promise<Presence> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    // Read, else its end would not be seen.
    socket.resume();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
