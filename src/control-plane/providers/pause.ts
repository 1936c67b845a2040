// Waiting that ends early.

/** Waits so many milliseconds, or until the signal is aborted or one of `others` resolves. */
export async function pause(
  ms: number,
  signal: AbortSignal,
  ...others: readonly Promise<void>[]
): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const onAbort = () => resolve();
  signal.addEventListener('abort', onAbort);
  await Promise.race([promise, ...others]);
  clearTimeout(timer);
  signal.removeEventListener('abort', onAbort);
}
