import * as z from 'zod';

/** The secrets of one set as they are saved: this document lies nowhere in clear text, see clients/secret-vault. */

const ExportedSecret = z.object({
  /** What it is, the same in every environment: `rails-secret`, `global.psql.password`. */
  id: z.string(),
  name: z.string(),
  /** Type of the Kubernetes Secret: `Opaque`, `kubernetes.io/tls`. It can not be changed, so a restore needs it. */
  type: z.string(),
  /** Its keys, in base64 as Kubernetes has them. */
  data: z.record(z.string(), z.base64()),
});
type ExportedSecret = z.output<typeof ExportedSecret>;

export const SecretExport = z.object({
  version: z.literal(1),
  environment: z.string(),
  set: z.string(),
  takenAt: z.iso.datetime(),
  secrets: z.array(ExportedSecret),
  /** Helm values of the release as YAML: people write passwords into them, so they lie here and not in the ledger. */
  helmValues: z.string().optional(),
});
export type SecretExport = z.output<typeof SecretExport>;
