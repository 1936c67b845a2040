// The section `tls` of routers and of entry points: its presence asks for TLS. Source: Traefik v3.7 "Routers", "TLS".
import { optional, section, sectionList, text, textList } from './fields.ts';

const meanwhile = 'TLS is spoken all the same, with the certificate that the gateway has made itself.';

const domain = section(
  {
    main: optional(text({ description: 'The main name of the certificate.' })),
    sans: optional(textList({ description: 'Further names of the certificate.' })),
  },
  { description: 'One certificate that the certResolver shall fetch.' },
);

/** The section, with what its presence means. */
export const tlsSection = (description: string) =>
  section(
    {
      options: optional(
        text({
          description: 'Name of the TLS options.',
          notYet: true,
          notYetHint: 'TLS is spoken all the same: versions 1.2 and 1.3, without certificates of clients.',
        }),
      ),
      certResolver: optional(
        text({ description: 'Name of the certificate resolver.', notYet: true, notYetHint: meanwhile }),
      ),
      domains: optional(
        sectionList(domain, {
          description: 'Names for the certResolver; else those of Host().',
          notYet: true,
          notYetHint: meanwhile,
        }),
      ),
    },
    { description, allowEmpty: true },
  );
