import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFile, readFile } from "node:fs/promises";
import { type TestContext, test } from "node:test";
import { changeBetween } from "../../src/device/upload/file-sender";
import { failure } from "./resetting";
import { answer, certificate } from "./server";
import { cutAfter, type Device, fileOf, largeSize, uploadTo } from "./uploading";

const putPath = "PUT /api/v1/files/prt";

async function sending(t: TestContext, device: Device = {}, size = largeSize) {
  const file = await fileOf(t, size);
  const made = await uploadTo(t, device);
  return { ...made, file, send: () => made.client.putAuxiliaryFile("prt", file, made.told) };
}

for (const upload of ["raw", "multipart"] as const) {
  test(`${upload}: the file arrives as it is, with its length, after one look`, async (t) => {
    const { file, send, uploads, looks, lines } = await sending(t, { settings: { upload } }, 300_000);
    await send();
    assert.equal(uploads.length, 1);
    assert.equal(looks(), 1);
    const { path, headers, body } = uploads[0] ?? assert.fail();
    assert.equal(path, "/api/v1/files/prt");
    assert.equal(headers["transfer-encoding"], undefined);
    assert.equal(headers.expect, undefined);
    assert.equal(headers["content-length"], String(body.length));
    const content = await readFile(file.path);
    const at = body.indexOf("\r\n\r\n") + 4;
    if (upload === "raw") assert.deepEqual(body, content);
    else {
      assert.match(body.subarray(0, at).toString(), /name="file"; filename="load\.cmp"/);
      assert.deepEqual(body.subarray(at, at + content.length), content);
    }
    assert.deepEqual(lines, []);
  });
}

for (const tls of [false, true]) {
  test(`a device that reads by fits and starts gets the very bytes${tls ? ", https" : ""}`, async (t) => {
    const digests: string[] = [];
    const { file, send } = await sending(t, {
      tls: tls ? await certificate({ type: 7, ip: "127.0.0.1" }) : undefined,
      take: (_, incoming, response) => {
        const hash = createHash("sha256");
        let pieces = 0;
        incoming.on("data", (piece: Buffer) => {
          hash.update(piece);
          if (++pieces % 50 !== 0) return;
          incoming.pause();
          setTimeout(() => incoming.resume(), 5);
        });
        incoming.on("end", () => {
          digests.push(hash.digest("hex"));
          answer(response, 200);
        });
        return true;
      },
    });
    await send();
    assert.deepEqual(digests, [file.sha256]);
  });
}

test("cut in the middle: a look at the device, then again", async (t) => {
  const { send, uploads, looks, begun, lines } = await sending(t, {
    take: (count, incoming) => count <= 2 && cutAfter(incoming, largeSize / 2),
  });
  await send();
  assert.deepEqual([begun(), uploads.length, looks()], [3, 1, 3]);
  assert.equal(lines.length, 2);
  for (const line of lines) {
    assert.match(
      line,
      /^\[sbc1\] load: the connection broke at [4-9]\d % \(\w+\); the device is unchanged, sending again$/,
    );
  }
});

test("cut three times: an error that says where, and that the device is unchanged", async (t) => {
  const { send, uploads, looks, begun } = await sending(t, {
    take: (_, incoming) => cutAfter(incoming, largeSize / 2),
  });
  const error = await failure(send(), "MEDIANT_UPLOAD_CUT");
  assert.match(
    error.message,
    /^\[sbc1\] PUT \/api\/v1\/files\/prt: the connection broke at \d\d % \(\w+\), as it did 2 times before; the device is unchanged$/,
  );
  assert.deepEqual([begun(), uploads.length, looks()], [3, 0, 4]);
});

const changes: [string, Record<string, unknown>, RegExp][] = [
  ["restarted", { versionID: "7.40A.250.440", systemUpTime: 3 }, /, and the device restarted meanwhile$/],
  [
    "runs another version",
    { versionID: "7.40A.250.609", systemUpTime: 200 },
    /, and the device now runs 7\.40A\.250\.609$/,
  ],
];
for (const [what, after, sentence] of changes) {
  test(`cut, and the device ${what}: not sent again`, async (t) => {
    const { send, begun } = await sending(t, {
      status: (count) => (count === 1 ? { versionID: "7.40A.250.440", systemUpTime: 100 } : after),
      take: (_, incoming) => cutAfter(incoming, largeSize / 2),
    });
    assert.match((await failure(send(), "MEDIANT_UPLOAD_CUT")).message, sentence);
    assert.equal(begun(), 1);
  });
}

test("cut, and the device is gone", async (t) => {
  const { send, begun, server } = await sending(t, {
    take: (_, incoming) => {
      server.close();
      return cutAfter(incoming, largeSize / 2);
    },
  });
  const error = await failure(send(), "MEDIANT_UPLOAD_CUT");
  assert.match(
    error.message,
    /the connection broke at \d\d % .*, and the device did not tell its status after it$/,
  );
  assert.equal(begun(), 1);
});

test("a software load in progress is waited for before anything is sent, also after a cut", async (t) => {
  const steps = ["In Progress", "None", "In Progress", "In Progress", "None"];
  const seen: (string | undefined)[] = [];
  const { send, lines } = await sending(t, {
    status: () => {
      seen.push(steps.shift() ?? "None");
      return { versionID: "7.40A.250.440", upgradeStatus: seen.at(-1) };
    },
    take: (count, incoming) => {
      seen.push("upload");
      return count === 1 && cutAfter(incoming, largeSize / 2);
    },
  });
  await send();
  assert.deepEqual(seen, ["In Progress", "None", "upload", "In Progress", "In Progress", "None", "upload"]);
  assert.equal(lines[0], "[sbc1] waiting for the device: busy (upgradeStatus In Progress), 0 s of 300 s");
});

test("an upload that takes longer than a busy device is waited for, and ends in 409, is tried again", async (t) => {
  const { send, begun } = await sending(
    t,
    {
      settings: { timeouts: { conflictSeconds: 2 } },
      take: (count, incoming, response) => {
        const busy = () => setTimeout(() => answer(response, 409), 2_500);
        if (count === 1) incoming.resume().on("end", busy);
        return count === 1;
      },
    },
    300_000,
  );
  await send();
  assert.equal(begun(), 2);
});

test("a load that never ends is a conflict when the time is over, and nothing was sent", async (t) => {
  const { send, begun } = await sending(
    t,
    {
      status: () => ({ versionID: "7.40A.250.440", upgradeStatus: "In Progress" }),
      settings: { timeouts: { conflictSeconds: 0 } },
    },
    10,
  );
  const error = await failure(send(), "MEDIANT_CONFLICT");
  assert.match(error.message, /: not sent: the device is busy \(upgradeStatus In Progress\)$/);
  assert.equal(begun(), 0);
});

test("409: a look before the whole file goes out again", async (t) => {
  const { send, looks, uploads } = await sending(
    t,
    {
      take: (count, incoming, response) => {
        if (count > 1) return false;
        incoming.resume().on("end", () => answer(response, 409, { description: "HA synchronization" }));
        return true;
      },
    },
    300_000,
  );
  await send();
  assert.deepEqual([uploads.length, looks()], [1, 2]);
});

for (const [status, code] of [
  [401, "MEDIANT_UNAUTHORIZED"],
  [403, "MEDIANT_FORBIDDEN"],
  [409, "MEDIANT_CONFLICT"],
  [413, "MEDIANT_REFUSED"],
  [503, "MEDIANT_DEVICE_FAILURE"],
] as const) {
  for (const then of ["takes the rest", "resets the connection"]) {
    test(`${status} before the end of the body, and the device ${then}`, async (t) => {
      const { send, begun } = await sending(t, {
        settings: { timeouts: { conflictSeconds: 0 } },
        take: (_, incoming, response) => {
          incoming.once("data", () => {
            incoming.pause();
            answer(response, status, { description: "not this one" });
            if (then === "takes the rest") incoming.resume();
            else setTimeout(() => incoming.socket.resetAndDestroy(), 1);
          });
          return true;
        },
      });
      const error = await failure(send(), code);
      assert.equal(error.status, status);
      assert.equal(error.description, "not this one");
      assert.equal(begun(), 1);
    });
  }
}

test("200 before the end of the body says nothing that can be relied on", async (t) => {
  const { send, begun } = await sending(t, {
    take: (_, incoming, response) => {
      incoming.once("data", () => answer(response, 200, { description: "loaded" }));
      return true;
    },
  });
  const error = await failure(send(), "MEDIANT_OUTCOME_UNKNOWN");
  assert.match(
    error.message,
    /not known if the device did it: it answered 200 before it had the whole file$/,
  );
  assert.equal(begun(), 1);
});

test("a device that stops reading is given up after requestSeconds, looked at, and sent to again", async (t) => {
  const { send, begun, uploads, lines } = await sending(t, {
    settings: { timeouts: { requestSeconds: 3 } },
    take: (count, incoming) => {
      if (count === 1) incoming.once("data", () => incoming.pause());
      return count === 1;
    },
  });
  await send();
  assert.deepEqual([begun(), uploads.length], [2, 1]);
  // Whichever of the two waits ends first.
  assert.match(
    lines[0] ?? "",
    /^\[sbc1\] load: (?:the device took nothing|no answer) for 3 s at \d+ %; the device is unchanged, sending again$/,
  );
});

test("a file that changes while it is sent: an error, and the device never has the whole of it", async (t) => {
  const { file, send, uploads, lines } = await sending(t, {
    take: (_, incoming) => {
      void appendFile(file.path, "x").then(() => incoming.resume());
      return false;
    },
  });
  const error = await failure(send(), "MEDIANT_FILE");
  assert.equal(error.message, `[sbc1] ${putPath}: ${JSON.stringify(file.path)} changed while it was sent`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(
    uploads.map(({ whole }) => whole),
    [false],
  );
  assert.deepEqual(lines, []);
});

test("the answer to the whole file lost: sent once more, and no more often", async (t) => {
  const losing = (times: number): Device => ({
    take: (count, incoming) => {
      if (count > times) return false;
      incoming.resume().on("end", () => incoming.socket.destroy());
      return true;
    },
  });
  const once = await sending(t, losing(1), 300_000);
  await once.send();
  assert.deepEqual([once.begun(), once.looks()], [2, 2]);
  assert.match(once.lines[0] ?? "", /not known if the device did it: .*; sending once more$/);
  const twice = await sending(t, losing(2), 300_000);
  await failure(twice.send(), "MEDIANT_OUTCOME_UNKNOWN");
  assert.equal(twice.begun(), 2);
});

test("the other form is tried where the device refuses the first", async (t) => {
  const { send, uploads, begun } = await sending(
    t,
    {
      settings: { upload: "auto" },
      take: (count, incoming, response) => {
        if (count > 1) return false;
        incoming.resume().on("end", () => answer(response, 415));
        return true;
      },
    },
    300_000,
  );
  await send();
  assert.equal(begun(), 2);
  assert.equal(uploads[0]?.headers["content-type"], "application/octet-stream");
});

test("what changed between two looks", () => {
  const at = (version?: string, systemUpTime?: number) => ({ version, systemUpTime, other: {} });
  const table: [ReturnType<typeof at>, ReturnType<typeof at>, RegExp | undefined][] = [
    [at("7.40A.005.314", 5), at("7.40A.5.314", 6), undefined],
    [at("7.40A.005.314"), at(), undefined],
    [at(undefined, 5), at("7.40A.005.314", 5), /now runs 7\.40A\.005\.314/],
    [at("7.40A.005.314", 5), at("7.20A.256.024", 6), /now runs 7\.20A/],
    [at("x", 5), at("x", 4), /restarted/],
    [at("x"), at("x", 4), undefined],
  ];
  for (const [before, after, expected] of table) {
    const change = changeBetween(before, after);
    if (expected === undefined) assert.equal(change, undefined);
    else assert.match(change ?? "", expected);
  }
});
