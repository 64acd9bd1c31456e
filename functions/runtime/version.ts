/** The version of Drydock, as package.json has it; others see it in our calls. */
export const DRYDOCK_VERSION = '0.1.0';
