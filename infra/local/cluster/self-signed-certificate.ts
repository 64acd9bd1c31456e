import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A certificate for a server on the loopback address, and its own issuer. */
export interface SelfSignedCertificate {
  /** PEM, both. */
  readonly certificate: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;

/**
 * Makes a certificate for 127.0.0.1, since Node can read certificates but not make them, and not every machine has
 * `openssl`. The form is that of RFC 5280, section 4.1, in DER (ITU-T X.690).
 */
export const makeSelfSignedCertificate = (now: Date): SelfSignedCertificate => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(objectId(ECDSA_WITH_SHA256));
  const name = sequence(set(sequence(objectId(COMMON_NAME), der(0x0c, Buffer.from('drydock local')))));
  const toBeSigned = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    name,
    // A day back, for a clock that is a little off; a run lasts hours.
    sequence(time(now.getTime() - DAY_MS), time(now.getTime() + 30 * DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(isAuthority(), loopbackAddress())),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const certificate = sequence(
    toBeSigned,
    algorithm,
    der(0x03, Buffer.concat([Buffer.from([0]), signature])),
  );
  return {
    certificate: toPem(certificate),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
};

/** Object identifiers as their encoded bytes: 1.2.840.10045.4.3.2, 2.5.4.3, 2.5.29.19 and 2.5.29.17. */
const ECDSA_WITH_SHA256 = '2a8648ce3d040302';
const COMMON_NAME = '550403';
const BASIC_CONSTRAINTS = '551d13';
const SUBJECT_ALTERNATIVE_NAME = '551d11';

const der = (tag: number, ...content: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(body.length)]), body]);
};

const lengthOf = (length: number): number[] => {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
};

const sequence = (...members: readonly Buffer[]): Buffer => der(0x30, ...members);
const set = (member: Buffer): Buffer => der(0x31, member);
const integer = (bytes: Buffer): Buffer => der(0x02, bytes);
const objectId = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const octets = (content: Buffer): Buffer => der(0x04, content);
const TRUE = der(0x01, Buffer.from([0xff]));

/** UTCTime, `YYMMDDHHMMSSZ`: right until 2049 (RFC 5280, section 4.1.2.5). */
const time = (ms: number): Buffer => {
  const digits = new Date(ms).toISOString().replaceAll(/[-:T]|\..*$/g, '');
  return der(0x17, Buffer.from(`${digits.slice(2)}Z`));
};

const isAuthority = (): Buffer => sequence(objectId(BASIC_CONSTRAINTS), TRUE, octets(sequence(TRUE)));

const loopbackAddress = (): Buffer =>
  sequence(objectId(SUBJECT_ALTERNATIVE_NAME), octets(sequence(der(0x87, Buffer.from([127, 0, 0, 1])))));

const toPem = (certificate: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${certificate
    .toString('base64')
    .replaceAll(/.{64}/g, '$&\n')
    .trimEnd()}\n-----END CERTIFICATE-----\n`;
