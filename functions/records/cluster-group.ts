/**
 * The Kubernetes group of the deployment capability: the access entry maps its role to it, and the Role that ships to
 * users is bound to it.
 */
export const DEPLOYMENT_GROUP = 'drydock:deployment';
