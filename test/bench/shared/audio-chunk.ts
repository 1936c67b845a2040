// The chunks of the suite streaming, as upstream and client know them.

/** Length of a chunk in time. */
export const chunkMs = 100;
/** 24,000 samples per second of 2 bytes. */
export const chunkBytes = (24_000 * 2 * chunkMs) / 1_000;
/** Answered without audio, to see that a gateway is ready. */
export const probePath = '/api/ready';
