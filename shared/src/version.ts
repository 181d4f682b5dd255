/** The version of everything that is released together; what was built from other sources says another one. */
export const productVersion = '0.1.0'
