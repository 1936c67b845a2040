// Waiting for conditions, so that no test depends on how fast the machine is.

/** How long a condition may take before the test is called failed: generous, because only failures wait that long. */
const patienceMs = 30_000;

/** Asks `probe` until it gives something truthy, and gives that. Fails with `what` and the last error otherwise. */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  limitMs = patienceMs,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + limitMs;
  let last: unknown;
  while (performance.now() < deadline) {
    try {
      const value = await probe();
      if (value) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`Never came true in ${limitMs} ms: ${what}`, { cause: last });
}
