import { LATE } from "../../src/device/late";

/*
 * A simulated device takes a change at once, or as late as its test says: it is not waited for as a real one is.
 */

LATE.pausesMs = [5, 10, 15];
