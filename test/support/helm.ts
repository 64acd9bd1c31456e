/** Helm and kubectl, as the local world has them. */
export { type HelmResult, runHelm, runKubectl } from '../../infra/local/helm.ts';
