// Waiting for a time; what waits for a condition has timers of its own.
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
