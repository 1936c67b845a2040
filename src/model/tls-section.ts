// The section `tls` of routers and of entry points: its presence asks for TLS. Source: Traefik v3.7 "Routers", "TLS".
import { flag, optional, section, sectionList, text, textList } from './fields.ts';

const meanwhile = 'TLS is spoken all the same, with the certificate that the gateway has made itself.';

const domain = section(
  {
    main: optional(text({ description: 'The main name of the certificate.' })),
    sans: optional(textList({ description: 'Further names of the certificate.' })),
  },
  { description: 'One certificate that the certResolver shall fetch.' },
);

const tlsFields = {
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
      description: 'Names for the certResolver; else those of the rule.',
      notYet: true,
      notYetHint: meanwhile,
    }),
  ),
};

/** The section, with what its presence means. */
export const tlsSection = (description: string) => section(tlsFields, { description, allowEmpty: true });

/** The section of TCP routers, which can also leave TLS to their servers. */
export const tcpTlsSection = (description: string) =>
  section(
    {
      ...tlsFields,
      passthrough: optional(
        flag({
          description: 'Pass the encrypted bytes on as they are: the server has the certificate.',
          default: false,
        }),
      ),
    },
    { description, allowEmpty: true },
  );
