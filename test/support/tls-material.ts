// What a test's data plane speaks TLS with: made as the gateway makes it, once for each test file.
import { createKeyRing } from '../../src/control-plane/certificates/create-key-ring.ts';
import type { TlsMaterial } from '../../src/model/tls-material.ts';

/** The same for all data planes of a test file, as for all workers of a gateway. */
export const testTls: TlsMaterial = newTls();

/** Others. */
export function newTls(): TlsMaterial {
  const keyRing = createKeyRing(() => {});
  keyRing.close();
  return keyRing.material();
}
