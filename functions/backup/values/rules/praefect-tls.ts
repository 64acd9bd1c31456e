import { quote } from '../quotation.ts';
import type { ValuesRule } from '../rule.ts';

const PATH = 'global.praefect.psql.sslMode';

/** Modes in which PostgreSQL may be spoken to in clear text. Source: PostgreSQL documentation, libpq, `sslmode`. */
const UNSAFE = new Set(['disable', 'allow', 'prefer']);

/**
 * Praefect's way to its database.
 *
 * Source: GitLab chart 9 and 10, values.yaml: sslMode is disable; Amazon RDS User Guide, "Using SSL with a PostgreSQL
 * DB instance": from PostgreSQL 15 on `rds.force_ssl` is on.
 */
export const praefectTls: ValuesRule = {
  code: 'praefect-tls',
  title: 'Praefect speaks to its database over TLS',
  judge: (values) => {
    const mode = values.text(PATH) ?? 'disable';
    if (!values.isOn('global.praefect.enabled') || !UNSAFE.has(mode)) return [];
    return [
      {
        severity: 'risk',
        path: PATH,
        message: `The mode is ${quote(mode)}${mode === 'disable' ? ': RDS refuses a connection without TLS from PostgreSQL 15 on, Praefect then never becomes ready, and every repository behind it is out of reach, also for a backup' : ', which goes on in clear text when TLS is not offered'}.`,
        remedy: `Write ${PATH}: verify-full, or require where the certificate cannot be checked.`,
      },
    ];
  },
};
