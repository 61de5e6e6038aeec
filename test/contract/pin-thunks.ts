/**
 * `node --import tsx test/contract/pin-thunks.ts` after a build: pins the texts of thunks that are new. A text that is
 * pinned is never written again; `git rm` of one that no release has shipped is the only way back.
 */
import { writeFile } from "node:fs/promises";
import { openFolder, removeFolder } from "./install";
import { makeLayouts, registeredInputs } from "./layouts";
import { DECLARED } from "./samples";
import { pinnedFile, thunkName } from "./thunks";

async function pin(): Promise<void> {
  const folder = await openFolder();
  try {
    for (const { name, programDir, form } of await makeLayouts(folder)) {
      if (name !== "installed" && name !== "symlinked") continue;
      const registered = await registeredInputs(programDir, DECLARED);
      for (const [type, { __provider }] of Object.entries(registered)) {
        const file = pinnedFile(thunkName(type), form);
        const isNew = await writeFile(file, __provider, { flag: "wx" }).then(
          () => true,
          (error) => {
            if (error.code !== "EEXIST") throw error;
            return false;
          },
        );
        if (isNew) console.log(`pinned ${file}`);
      }
    }
  } finally {
    await removeFolder(folder);
  }
}

void pin();
