// Options of the grpcWeb middleware. Source: Traefik v3.7 "GrpcWeb".
import type { Static } from 'typebox';
import { optional, section, textList } from '../fields.ts';

/** As labels and files write it. */
export const grpcWebSchema = section(
  {
    allowOrigins: optional(
      textList({ description: 'CORS: origins whose pages may call, or * for all; none if absent.' }),
    ),
  },
  { description: 'Lets pages in browsers call gRPC services: gRPC-Web becomes gRPC.' },
);

/** Decoded. */
export type GrpcWebOptions = Static<typeof grpcWebSchema>;
