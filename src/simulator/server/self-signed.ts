import type { TlsIdentity } from "./listener";

/** A new identity for localhost and 127.0.0.1. */
export async function selfSigned(): Promise<TlsIdentity> {
  const names = {
    name: "subjectAltName" as const,
    altNames: [
      { type: 2 as const, value: "localhost" },
      { type: 7 as const, ip: "127.0.0.1" },
    ],
  };
  // Loaded only if asked for: it takes longer to load than all else here.
  const { generate } = await import("selfsigned");
  const made = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [names],
  });
  return { key: made.private, cert: made.cert };
}
