declare module 'apache-md5' {
  /** Apache's $apr1$ hash of a password, with the salt of `hash` if one is given. */
  export default function apacheMd5(password: string, hash?: string): string;
}
