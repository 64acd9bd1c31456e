import type { ChartValues } from '../chart-values.ts';
import type { ValuesVerdict } from '../finding.ts';
import { OBJECT_STORE } from '../object-stores.ts';
import type { ValuesRule } from '../rule.ts';
import { isTruthy, memberOf } from '../value-tree.ts';

const ROLE = 'eks.amazonaws.com/role-arn';
const PATH = `${OBJECT_STORE}.connection`;

/**
 * An `endpoint` beside a role of a service account.
 *
 * Source: GitLab documentation, charts, "IAM roles for AWS", which says to omit it; charts merge request 2473: the
 * client sends its request for credentials to that endpoint as well.
 */
export const roleEndpoint: ValuesRule = {
  code: 'role-endpoint',
  title: 'A connection by an IAM role names no endpoint',
  judge: (values, { connection }) => {
    if (!values.isOn(`${OBJECT_STORE}.enabled`)) return [];
    if (connection === undefined) return values.isOn(`${PATH}.secret`) && hasRole(values) ? [HIDDEN] : [];
    const isByRole = hasRole(values) || isTruthy(memberOf(connection, 'use_iam_profile'));
    const hasKeys = isTruthy(memberOf(connection, 'aws_access_key_id'));
    return isByRole && !hasKeys && isTruthy(memberOf(connection, 'endpoint')) ? [WRONG] : [];
  },
};

const ACCOUNTS = [
  'global.serviceAccount',
  'gitlab.toolbox.serviceAccount',
  'gitlab.webservice.serviceAccount',
  'gitlab.sidekiq.serviceAccount',
];

const hasRole = (values: ChartValues): boolean =>
  ACCOUNTS.some((account) => isTruthy(memberOf(values.map(`${account}.annotations`), ROLE)));

const FAILS =
  'With it the client asks that endpoint for its credentials instead of STS and fails with WebIdentityErr: uploads and artifacts are lost from then on.';

const WRONG: ValuesVerdict = {
  severity: 'trap',
  path: PATH,
  message: `The secret of the connection has an endpoint although GitLab comes by an IAM role. ${FAILS}`,
  remedy: 'Take endpoint out of the secret; region is enough for S3.',
};

const HIDDEN: ValuesVerdict = {
  severity: 'not-checked',
  path: `${PATH}.secret`,
  message: `GitLab comes by an IAM role, and whether the secret of the connection has an endpoint could not be seen. ${FAILS}`,
  remedy: 'Look whether endpoint stands in the secret.',
  option: 'Give its content with --connection <file>, and it is looked at here.',
};
