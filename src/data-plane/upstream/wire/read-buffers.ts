// All connections to origins read into the same memory: what is read is used up before the next read, and nothing is
// allocated for it. Whoever keeps bytes copies them.

/** For all but long bodies. */
export const usualBuffer = Buffer.allocUnsafeSlow(64 * 1024);

/** For long ones: a read of four times as much costs a seventh less. Its pages are the worker's from its first use on. */
export const largeBuffer = Buffer.allocUnsafeSlow(256 * 1024);

/** A body that has brought so much is a long one. */
export const longBodyBytes = 1024 * 1024;
