/** Which room brings in which package; part of layering-table.ts. */

/** Package -> the rooms that may import it. Whoever replaces one has these rooms to look at and no others. */
export const packageRooms: Readonly<Record<string, readonly string[]>> = {
  '@primno/dpapi': ['keystore'],
  'cli-table3': ['cli'],
  commander: ['cli', 'main.ts'],
  croner: ['backup'],
  electron: ['desktop/src/main', 'desktop/src/preload'],
  express: ['admin'],
  helmet: ['admin'],
  jose: ['keystore', 'tokens', 'sign-in'],
  'ical-generator': ['notices'],
  lowdb: ['keystore'],
  react: ['desktop/src/renderer', 'desktop/src/web'],
  'react-dom': ['desktop/src/renderer'],
  '@tanstack/react-virtual': ['desktop/src/renderer'],
  nodemailer: ['notices'],
  'node-forge': ['tls'],
  'prom-client': ['metrics'],
  'rate-limiter-flexible': ['admin'],
  // Never imported: its files are found by their names and served to browsers.
  'swagger-ui-dist': ['admin'],
  systeminformation: ['host'],
  'tar-stream': ['backup'],
  undici: ['gateway', 'notices', 'sign-in'],
  winston: ['log.ts'],
  yauzl: ['scan'],
  zod: ['shared', 'document', 'settings.ts', 'admin', 'desktop/src/main'],
}
