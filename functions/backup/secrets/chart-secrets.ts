import type { SecretNeedWord, SecretPurpose } from '../../records/backup/secret-fingerprints.ts';
import type { ChartValues } from '../values/chart-values.ts';

/** A secret that the chart makes when there is none. */
interface ChartSecret {
  /** Its name behind `<release>-`. */
  readonly suffix: string;
  /** Where the values may give it another name; absent where they can not. */
  readonly path?: string;
  readonly need: SecretNeedWord;
  readonly purpose: SecretPurpose;
  readonly why: string;
  /** Is the part switched on that it belongs to? Absent: always. */
  readonly isUsed?: (values: ChartValues) => boolean;
}

const isPagesOn = (values: ChartValues): boolean => values.isOn('global.pages.enabled');
const isPraefectOn = (values: ChartValues): boolean => values.isOn('global.praefect.enabled');
const isRegistryOn = (values: ChartValues): boolean => values.isOn('registry.enabled');
/** On unless it is switched off. */
const isKasOn = (values: ChartValues): boolean => values.text('global.kas.enabled') !== 'false';

/**
 * Which secrets the chart makes, and when.
 *
 * Source: GitLab chart 9 and 10, templates/shared-secrets (what is generated) and the name templates beside it;
 * GitLab documentation, charts, "Configure secrets for the GitLab chart".
 */
export const CHART_SECRETS: readonly ChartSecret[] = [
  {
    suffix: 'rails-secret',
    path: 'global.railsSecrets.secret',
    need: 'required',
    purpose: 'data',
    why: 'Encrypted columns, CI variables, tokens and two-factor codes in the database can be read by these keys alone, and the chart replaces missing ones by random ones without a word.',
  },
  {
    suffix: 'openbao-unseal',
    need: 'when-used',
    purpose: 'data',
    why: 'OpenBao stays sealed without its unseal key, and with it every secret of its users.',
    isUsed: (values) => values.isOn('openbao.install'),
  },
  {
    suffix: 'postgresql-password',
    path: 'global.psql.password.secret',
    need: 'required',
    purpose: 'connection',
    why: 'It holds the password of the database of GitLab.',
  },
  {
    suffix: 'redis-secret',
    path: 'global.redis.auth.secret',
    need: 'when-used',
    purpose: 'connection',
    why: 'It holds the password of Redis.',
    isUsed: (values) => values.text('global.redis.auth.enabled') !== 'false',
  },
  {
    suffix: 'gitlab-shell-host-keys',
    path: 'global.shell.hostKeys.secret',
    need: 'required',
    purpose: 'identity',
    why: 'With other host keys every SSH client of every user warns of an attack, and refuses.',
  },
  {
    suffix: 'registry-secret',
    path: 'global.registry.certificate.secret',
    need: 'required',
    purpose: 'internal',
    why: 'GitLab signs tokens for the container registry with it.',
  },
  {
    suffix: 'gitlab-shell-secret',
    path: 'global.shell.authToken.secret',
    need: 'required',
    purpose: 'internal',
    why: 'GitLab Shell proves itself to the API with it.',
  },
  {
    suffix: 'gitaly-secret',
    path: 'global.gitaly.authToken.secret',
    need: 'required',
    purpose: 'internal',
    why: 'Rails and Praefect prove themselves to Gitaly with it; an external Gitaly has the same one.',
  },
  {
    suffix: 'gitlab-workhorse-secret',
    path: 'global.workhorse.secret',
    need: 'required',
    purpose: 'internal',
    why: 'Workhorse proves itself to Rails with it.',
  },
  {
    suffix: 'praefect-secret',
    path: 'global.praefect.authToken.secret',
    need: 'when-used',
    purpose: 'internal',
    why: 'Rails proves itself to Praefect with it.',
    isUsed: isPraefectOn,
  },
  {
    suffix: 'praefect-dbsecret',
    path: 'global.praefect.dbSecret.secret',
    need: 'when-used',
    purpose: 'connection',
    why: 'It holds the password of the database of Praefect; with an external database the chart does not make it.',
    isUsed: isPraefectOn,
  },
  {
    suffix: 'registry-httpsecret',
    path: 'global.registry.httpSecret.secret',
    need: 'when-used',
    purpose: 'internal',
    why: 'Pods of the registry sign the state of an upload with it.',
    isUsed: isRegistryOn,
  },
  {
    suffix: 'registry-notification',
    path: 'global.registry.notificationSecret.secret',
    need: 'when-used',
    purpose: 'internal',
    why: 'The registry proves its notifications to GitLab with it.',
    isUsed: isRegistryOn,
  },
  {
    suffix: 'registry-database-password',
    path: 'registry.database.password.secret',
    need: 'when-used',
    purpose: 'connection',
    why: 'It holds the password of the metadata database of the registry.',
    isUsed: (values) => isRegistryOn(values) && values.isOn('registry.database.enabled'),
  },
  {
    suffix: 'gitlab-kas-secret',
    path: 'global.appConfig.gitlab_kas.secret',
    need: 'when-used',
    purpose: 'internal',
    why: 'The agent server proves itself to Rails with it, and older charts start no Rails without it.',
    isUsed: isKasOn,
  },
  {
    suffix: 'kas-private-api',
    path: 'gitlab.kas.privateApi.secret',
    need: 'when-used',
    purpose: 'internal',
    why: 'Pods of the agent server prove themselves to each other with it.',
    isUsed: isKasOn,
  },
  {
    suffix: 'kas-websocket-token',
    path: 'gitlab.kas.websocketToken.secret',
    need: 'when-used',
    purpose: 'internal',
    why: 'The agent server signs the tokens of its WebSockets with it.',
    isUsed: isKasOn,
  },
  {
    suffix: 'gitlab-pages-secret',
    path: 'global.pages.apiSecret.secret',
    need: 'when-used',
    purpose: 'internal',
    why: 'GitLab Pages proves itself to the API with it.',
    isUsed: isPagesOn,
  },
  {
    suffix: 'gitlab-pages-auth-secret',
    path: 'global.pages.authSecret.secret',
    need: 'when-used',
    purpose: 'internal',
    why: 'GitLab Pages keeps the sessions of its visitors with it.',
    isUsed: (values) => isPagesOn(values) && values.isOn('global.pages.accessControl'),
  },
  {
    suffix: 'oauth-gitlab-pages-secret',
    path: 'global.oauth.gitlab-pages.secret',
    need: 'when-used',
    purpose: 'identity',
    why: 'GitLab Pages is an OAuth application of GitLab by it, and the database holds the other half.',
    isUsed: (values) => isPagesOn(values) && values.isOn('global.pages.accessControl'),
  },
  {
    suffix: 'incoming-email-auth-token',
    path: 'global.appConfig.incomingEmail.authToken.secret',
    need: 'when-used',
    purpose: 'internal',
    why: 'The mail room proves itself to the API with it.',
    isUsed: (values) => values.isOn('global.appConfig.incomingEmail.enabled'),
  },
  {
    suffix: 'service-desk-email-auth-token',
    path: 'global.appConfig.serviceDeskEmail.authToken.secret',
    need: 'when-used',
    purpose: 'internal',
    why: 'The mail room of the service desk proves itself to the API with it.',
    isUsed: (values) => values.isOn('global.appConfig.serviceDeskEmail.enabled'),
  },
  {
    suffix: 'openbao-audit-secret',
    path: 'global.openbao.httpAudit.secret',
    need: 'when-used',
    purpose: 'internal',
    why: 'OpenBao proves its requests to Rails with it.',
    isUsed: (values) => values.isOn('openbao.install') || values.isOn('global.openbao.enabled'),
  },
  {
    suffix: 'gitlab-initial-root-password',
    path: 'global.initialRootPassword.secret',
    need: 'optional',
    purpose: 'internal',
    why: 'It counts at the first start only; after a restore the password in the database is the one that counts.',
  },
  {
    suffix: 'gitlab-runner-secret',
    path: 'global.runner.registrationToken.secret',
    need: 'optional',
    purpose: 'identity',
    why: 'Runners that it registered have tokens of their own; without it new ones are registered anew.',
  },
];
