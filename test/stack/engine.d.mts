/** The Compose command as words; undefined when there is none. */
export function compose(): readonly string[] | undefined;
