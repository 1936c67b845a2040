// What both sides of the gateway hold HTTP/2 to: an answer passes from a replica's session to a client's.

/** What may be on its way on one stream; a connection gets more, so that several move at once. */
export const streamWindowBytes = 256 * 1024;

/** Largest head of an answer, as HTTP/2 counts it (RFC 9113 §6.5.2). */
export const maxAnswerHeadBytes = 512 * 1024;
