// How many interim answers (RFC 9110 §15.2) of a replica are passed on before it counts as broken. One limit for all lanes.

/** They pass without back-pressure: a flood of them would pile up in front of a client that does not read. */
export const maxInterimAnswers = 100;
