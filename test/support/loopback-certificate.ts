// A self-signed certificate for 127.0.0.1 and localhost, valid until 2126, with its key: for servers of tests that shall be
// trusted by those who are told of them, and by nobody else.

export const loopbackCertificate = `-----BEGIN CERTIFICATE-----
MIIBmTCCAT+gAwIBAgIUFRtX+JA4xRFnojI5j+hnJ2WArh4wCgYIKoZIzj0EAwIw
EzERMA8GA1UEAwwIbG9vcGJhY2swIBcNMjYxMTI0MTUzODA4WhgPMjEyNjEwMzEx
NTM4MDhaMBMxETAPBgNVBAMMCGxvb3BiYWNrMFkwEwYHKoZIzj0CAQYIKoZIzj0D
AQcDQgAEguoA+xF4onX+RdMULvc+OSG3GsKkyUQzNYNYheP2gfEtQLpeJDhHI/Ch
ARyq4CpbHsW8685BY4LFqOwj4CwP5aNvMG0wHQYDVR0OBBYEFFD9yjIU+An3aPYC
RkhJTTz6eAP+MB8GA1UdIwQYMBaAFFD9yjIU+An3aPYCRkhJTTz6eAP+MA8GA1Ud
EwEB/wQFMAMBAf8wGgYDVR0RBBMwEYcEfwAAAYIJbG9jYWxob3N0MAoGCCqGSM49
BAMCA0gAMEUCIHRcqP0yyLoSpWdUQfjPfl1GcJBZIou8l7tl+eizSfJsAiEA28Iw
EKgRAkhT0CT4uePtJyae/s/ROJ92WJG/iXld+rs=
-----END CERTIFICATE-----
`;

export const loopbackKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgDhwIUiD4zRlEngV/
XqmB4DRslKkwn1XSfVtIKwxfc+ChRANCAASC6gD7EXiidf5F0xQu9z45IbcawqTJ
RDM1g1iF4/aB8S1Aul4kOEcj8KEBHKrgKlsexbzrzkFjgsWo7CPgLA/l
-----END PRIVATE KEY-----
`;
