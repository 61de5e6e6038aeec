/** How requests reach the device: a port, or what stands for one in a test. */
export interface Line {
  readonly port: number;
  /** @throws where the port is taken */
  open(): Promise<void>;
  /**
   * Refuses connections for a while, `Infinity` until it is told to come back; open ones end now, or as soon as the
   * last answer has left.
   * @param onBack called when it takes requests again
   */
  goDark(seconds: number, cut: "now" | "after the answer", onBack: () => void): void;
  /** Ends the dark now. Nothing happens if there is none. */
  comeBack(): void;
  /** Ends every open connection, and goes on to take others. */
  cutConnections(): void;
  close(): Promise<void>;
}
