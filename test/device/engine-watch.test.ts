import assert from "node:assert/strict";
import { once } from "node:events";
import net, { type AddressInfo, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { isDeviceError } from "../../src/device/errors";
import { type DeviceRequest, Transport } from "../../src/device/http/transport";
import { type Engine, EngineWatch, engineOf } from "../../src/device/shared/engine-watch";
import { JumpingClock } from "./clock";
import { answer, connectionTo, startServer } from "./server";

const PROVIDER = "/p/node_modules/@pulumi/pulumi/cmd/dynamic-provider/index.js";

test("the engine's address is that of the first argument, in Pulumi's provider process alone", () => {
  const of = (program: string, address?: string) =>
    engineOf(["node", program, ...(address === undefined ? [] : [address])]);
  assert.deepEqual(of(PROVIDER, "127.0.0.1:4711"), { host: "127.0.0.1", port: 4711 });
  assert.deepEqual(of(PROVIDER, "[::1]:4711"), { host: "::1", port: 4711 });
  assert.deepEqual(of("C:\\p\\@pulumi\\pulumi\\cmd\\dynamic-provider\\index.js", "localhost:1"), {
    host: "localhost",
    port: 1,
  });
  assert.deepEqual(of("/p/@pulumi/pulumi/cmd/dynamic-provider", "127.0.0.1:1")?.port, 1);
  for (const address of [undefined, "", "127.0.0.1:0", "127.0.0.1", "unix:/a/b", "a:b"])
    assert.equal(of(PROVIDER, address), undefined, address);
  for (const program of ["/p/@pulumi/pulumi/cmd/run/index.js", "/p/program.js", "/p/pulumi-mediant.js", ""])
    assert.equal(of(program, "127.0.0.1:4711"), undefined, program);
  assert.equal(engineOf(["node"]), undefined);
});

/** Something that listens as an engine does. */
async function listening(t: TestContext) {
  const sockets = new Set<Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket.resume());
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const end = () => {
    server.close();
    cut();
  };
  t.after(end);
  const { port } = server.address() as AddressInfo;
  return { address: { host: "127.0.0.1", port }, server, sockets, cut, end };
}

function watching(t: TestContext, address: { host: string; port: number }) {
  // An idle watch holds no process: in a provider, the gRPC server does.
  const held = setInterval(() => {}, 1_000);
  t.after(() => clearInterval(held));
  let ends = 0;
  let ended = () => {};
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const count = () => {
    ends++;
    ended();
  };
  const watch = new EngineWatch(address, count, { confirmMs: 5, againMs: 5 });
  return { watch, end, ends: () => ends };
}

test("an engine that ends is missed at once, and the process ends once", async (t) => {
  const engine = await listening(t);
  const { watch, end, ends } = watching(t, engine.address);
  assert.equal(await watch.alive(), true);
  assert.equal(watch.gone.aborted, false);
  engine.end();
  await end;
  assert.equal(watch.gone.aborted, true);
  assert.equal(await watch.alive(), false);
  assert.equal(ends(), 1);
});

test("a look finds out by itself that the engine has ended", async (t) => {
  const engine = await listening(t);
  const { address } = engine;
  engine.end();
  const { watch, ends } = watching(t, address);
  assert.deepEqual(await Promise.all([watch.alive(), watch.alive()]), [false, false]);
  assert.equal(ends(), 1);
});

test("an engine that closes connections and still listens lives, and is held again", async (t) => {
  const engine = await listening(t);
  const { watch, ends } = watching(t, engine.address);
  for (let time = 0; time < 3; time++) {
    const [socket] = (await once(engine.server, "connection")) as [Socket];
    if (!socket.destroyed) engine.cut();
  }
  assert.equal(await watch.alive(), true);
  assert.equal(ends(), 0);
  engine.end();
});

/** An engine that lives as long as it is told to. */
class FakeEngine implements Engine {
  readonly #gone = new AbortController();
  looks = 0;
  /** Ended, but nobody has looked. */
  dead = false;

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  async alive(): Promise<boolean> {
    this.looks++;
    if (this.dead) this.#gone.abort();
    return !this.dead;
  }

  die(): void {
    this.dead = true;
    this.#gone.abort();
  }
}

const get: DeviceRequest = { method: "GET", path: "/api/v1/files/ini" };
const put: DeviceRequest = {
  method: "PUT",
  path: "/api/v1/files/ini/incremental",
  body: Buffer.from("A = 1\n"),
};

async function refusal(done: Promise<unknown>): Promise<string> {
  const error = await done.then(
    () => assert.fail("it succeeded"),
    (thrown: unknown) => thrown,
  );
  assert.ok(isDeviceError(error), String(error));
  assert.equal(error.code, "MEDIANT_ENGINE_GONE");
  return error.message;
}

test("a write goes out only after a look at the engine, and none after its end", async (t) => {
  const server = await startServer((_, response) => answer(response, 204));
  t.after(() => server.close());
  const engine = new FakeEngine();
  const transport = new Transport(connectionTo(server.origin), { engine });
  await transport.request(get);
  assert.equal(engine.looks, 0, "a read does no harm");
  await transport.request(put);
  assert.equal(engine.looks, 1);
  engine.dead = true;
  assert.equal(
    await refusal(transport.request(put)),
    "[sbc1] PUT /api/v1/files/ini/incremental: not sent: the Pulumi run that asked for this has ended",
  );
  await refusal(transport.request({ ...put, method: "POST", path: "/api/v1/actions/reset" }));
  await refusal(transport.request(get));
  assert.equal(server.requests.length, 2);
});

test("a wait for a busy device ends with the engine, and nothing more is sent", async (t) => {
  const server = await startServer((_, response) => answer(response, 409));
  t.after(() => server.close());
  const engine = new FakeEngine();
  let fallAsleep = () => {};
  const asleep = new Promise<void>((resolve) => {
    fallAsleep = resolve;
  });
  // A clock that stands still: only the engine's end can end the wait.
  const clock = {
    now: () => 0,
    after: () => {
      fallAsleep();
      return () => {};
    },
  };
  const transport = new Transport(connectionTo(server.origin), { engine, clock, log: () => {} });
  const refused = refusal(transport.request(put));
  await asleep;
  engine.die();
  assert.match(await refused, /not sent/);
  assert.equal(server.requests.length, 1);
});

test("a request that is on its way is cut, and not taken for one whose outcome is unknown", async (t) => {
  const engine = new FakeEngine();
  const server = await startServer(() => engine.die());
  t.after(() => server.close());
  const transport = new Transport(connectionTo(server.origin), { engine });
  assert.match(await refusal(transport.request(put)), /cut off: the Pulumi run/);
  while (server.sockets.size > 0) await new Promise((resolve) => setImmediate(resolve));
});

for (const known of [true, false]) {
  test(`a load that is on its way never arrives whole (${known ? "cut in the middle" : "the end was not noticed yet"})`, async (t) => {
    let arrived = 0;
    const device = net.createServer((socket) => {
      socket.on("data", (bytes) => {
        arrived += bytes.length;
      });
      socket.on("error", () => {});
      socket.on("close", () => closed());
    });
    let closed = () => {};
    const end = new Promise<void>((resolve) => {
      closed = resolve;
    });
    device.listen(0, "127.0.0.1");
    await once(device, "listening");
    t.after(() => device.close());
    const engine = new FakeEngine();
    const transport = new Transport(
      connectionTo(`http://127.0.0.1:${(device.address() as AddressInfo).port}`),
      { engine, clock: new JumpingClock(), log: () => {} },
    );
    const [pieces, size] = [8, 64 * 1024];
    const body = {
      length: pieces * size,
      async *open() {
        for (let piece = 0; piece < pieces; piece++) {
          if (piece === 4 && known) engine.die();
          if (piece === 4) engine.dead = true;
          yield Buffer.alloc(size, 65);
        }
      },
    };
    await refusal(transport.request({ ...put, path: "/api/v1/files/software", body }));
    await end;
    assert.ok(arrived > 0 && arrived < pieces * size, String(arrived));
  });
}
