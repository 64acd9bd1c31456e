/** Minutes of a refresh of insights, and of an update of a control plane. EKS names 10 to 30 for the latter. */
export const REFRESH_MINUTES = 5;
export const CONTROL_PLANE_MINUTES = 30;
