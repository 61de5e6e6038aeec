/** The program of every stack: a stack is called as its site. */
import * as pulumi from "@pulumi/pulumi";
import { readInventory } from "./devices";
import { declareSite } from "./site";

const excluded = (process.env["FLEET_EXCLUDED"] ?? "").split("\n").filter((name) => name !== "");
declareSite(readInventory(), pulumi.getStack(), excluded);
