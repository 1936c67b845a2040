// Reads the argument of ClientIP: an address or a CIDR range, in the forms that Go's net package takes.
import ipaddr from 'ipaddr.js';

/** An address without a zone. */
export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** All addresses that agree in the first `bits`. */
export type AddressRange = { readonly network: Address; readonly bits: number };

/** The range of an address or a CIDR, or undefined. Legacy spellings such as `10.1` or `010.0.0.1` are refused. */
export function parseAddressRange(text: string): AddressRange | undefined {
  // A zone names an interface of one machine; Go refuses it in a range as well.
  if (text.includes('%')) return undefined;
  if (!text.includes('/')) {
    const address = parseAddress(text);
    return address && { network: address, bits: address.kind() === 'ipv4' ? 32 : 128 };
  }
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(text)) {
    const [network, bits] = ipaddr.IPv4.parseCIDR(text);
    return { network, bits };
  }
  if (!text.includes(':') || !ipaddr.IPv6.isValidCIDR(text)) return undefined;
  const [network, bits] = ipaddr.IPv6.parseCIDR(text);
  // ::ffff:10.0.0.0/104 means 10.0.0.0/8, because clients in that range are seen as IPv4.
  if (network.isIPv4MappedAddress() && bits >= 96)
    return { network: network.toIPv4Address(), bits: bits - 96 };
  return { network, bits };
}

/** An address; IPv4 inside IPv6 becomes IPv4, so that a rule holds on dual-stack sockets. A zone is ignored. */
export function parseAddress(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** Whether the address lies in the range; never across families. */
export function isInRange(address: Address, range: AddressRange): boolean {
  return address.kind() === range.network.kind() && address.match(range.network, range.bits);
}
