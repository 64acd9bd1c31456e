import type { PlaceServer } from '../../records/backup/drill-place.ts';
import type { ProbeAddress } from '../../records/backup/drill-proof.ts';

/** What a probe under the labels of Sidekiq tries to reach. */

/**
 * Where a restored Sidekiq would write to, by names that stand for their kind, and one address that takes no DNS. That
 * some of them do not answer at some site does no harm: each counts only if it was reached before the network was
 * closed. Amazon keeps port 25 of EC2 shut by itself, so mail is tried on the port for submission.
 *
 * Source: Amazon EC2 User Guide, "Restriction on email sent using port 25".
 *
 * @param region whose endpoint of Amazon SES is one of them.
 */
export const defaultOutside = (region: string): ProbeAddress[] => [
  { host: `email-smtp.${region}.amazonaws.com`, port: 587, why: 'mail' },
  { host: 'smtp.gmail.com', port: 587, why: 'mail' },
  { host: 'hooks.slack.com', port: 443, why: 'webhooks' },
  { host: 'github.com', port: 443, why: 'push mirrors' },
  { host: 'github.com', port: 22, why: 'push mirrors by SSH' },
  { host: 'gitlab.com', port: 443, why: 'push mirrors' },
  { host: '1.1.1.1', port: 443, why: 'an address without a name' },
];

/** The GitLabs that people use: whatever a drill does, it does nothing to them. */
export const outsideOfHosts = (hosts: readonly string[]): ProbeAddress[] =>
  hosts.map((host) => ({ host, port: 443, why: 'a GitLab that people use' }));

/** What has to be reached with the network closed: the same servers without which nothing could be restored. */
export const listControls = (
  servers: readonly PlaceServer[],
  { region, s3Endpoint }: { readonly region: string; readonly s3Endpoint?: string },
): ProbeAddress[] => [
  ...servers.map(({ what, host, port }) => ({ host, port, why: what })),
  {
    host: s3Endpoint?.replace(/:\d+$/, '') ?? `s3.${region}.amazonaws.com`,
    port: Number(/:(\d+)$/.exec(s3Endpoint ?? '')?.[1] ?? 443),
    why: 'S3',
  },
];
