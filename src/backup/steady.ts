/** What a device said, in a form that changes only when the device does, without secrets, lines ended by LF. */
export interface Steady {
  text: string;
  /** What could not be kept, one sentence each. */
  notes: string[];
}
