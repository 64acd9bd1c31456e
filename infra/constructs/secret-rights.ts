import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { acknowledgeWildcard } from './compliance.ts';

/**
 * Lets a role read these secrets, given as `drydock.yaml` gives them: by name or by ARN.
 * A secret under a key of the user's own needs `kms:Decrypt` for this role in the policy of that key.
 */
export const grantReadSecrets = (role: Role, references: readonly string[]): void => {
  if (references.length === 0) return;
  const resources = references.map((reference) => toArn(role, reference));
  role.addToPolicy(new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources }));
  for (const resource of resources) acknowledgeWildcard(role, resource, SUFFIX_REASON);
};

/** Secrets Manager ends each ARN in a hyphen and six characters of its own. */
const toArn = (role: Role, reference: string): string =>
  reference.startsWith('arn:')
    ? reference
    : Stack.of(role).formatArn({
        service: 'secretsmanager',
        resource: 'secret',
        resourceName: `${reference}-??????`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });

const SUFFIX_REASON = 'Secrets Manager draws the end of an ARN at random; the name before it is fixed.';
