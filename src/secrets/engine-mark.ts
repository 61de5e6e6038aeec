/** The key by which Pulumi marks an object as one of its own. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** What stands there if the object is a secret. */
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";
