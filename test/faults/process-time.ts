/*
 * Loaded first into a provider process that serves one cell: gives it the time of a cell. The clock is the one that the
 * process itself has, which is not that of the tests.
 */
import type { Clock } from "../../src/device/clock";
import { hurry, inOneTime } from "./time";

const { systemClock } = require("../../dist/device/clock") as { systemClock: Clock };

inOneTime();
hurry(systemClock);
