/** What the XML of an answer is made of: the shapes of the SDK, whose names are those of the API. */
export type Body = Readonly<Record<string, unknown>>;

/** Status of the errors of the RDS API reference, and of the common ones that a gateway before it answers. */
const STATUS = {
  AccessDenied: 403,
  DBClusterNotFoundFault: 404,
  DBClusterSnapshotNotFoundFault: 404,
  DBInstanceAlreadyExists: 400,
  DBInstanceNotFound: 404,
  DBSnapshotAlreadyExists: 400,
  DBSnapshotNotFound: 404,
  InternalFailure: 500,
  InvalidAction: 400,
  InvalidDBInstanceState: 400,
  InvalidDBSnapshotState: 400,
  InvalidParameterCombination: 400,
  InvalidParameterValue: 400,
  PointInTimeRestoreNotEnabled: 400,
  ServiceUnavailable: 503,
  StorageQuotaExceeded: 400,
  Throttling: 400,
} as const;

export type RdsErrorName = keyof typeof STATUS;

/** What RDS refuses. */
export class RdsError extends Error {
  override readonly name: RdsErrorName;
  readonly status: number;

  constructor(name: RdsErrorName, message: string) {
    super(message);
    this.name = name;
    this.status = STATUS[name];
  }
}

/** What the items of a list are called; `member` where the API has no name of its own. */
const ITEMS: Readonly<Record<string, string>> = {
  DBInstances: 'DBInstance',
  DBParameterGroups: 'DBParameterGroup',
  DBSnapshots: 'DBSnapshot',
  OptionGroupMemberships: 'OptionGroupMembership',
  TagList: 'Tag',
  VpcSecurityGroups: 'VpcSecurityGroupMembership',
};

/** The answer of an operation in the query protocol of AWS. */
export const writeAnswer = (operation: string, body: Body): string =>
  `<${operation}Response xmlns="http://rds.amazonaws.com/doc/2014-10-31/">` +
  `<${operation}Result>${writeFields(body)}</${operation}Result>` +
  `<ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></${operation}Response>`;

export const writeError = (name: string, message: string): string =>
  `<ErrorResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><Error><Type>Sender</Type>` +
  `<Code>${name}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>local</RequestId></ErrorResponse>`;

const writeFields = (fields: object): string =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<${name}>${writeValue(name, value)}</${name}>`)
    .join('');

const writeValue = (name: string, value: unknown): string => {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) {
    const item = ITEMS[name] ?? 'member';
    return value.map((one) => `<${item}>${writeValue(item, one)}</${item}>`).join('');
  }
  if (typeof value === 'object' && value !== null) return writeFields(value);
  return escapeXml(String(value));
};

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
