// oxlint-disable typescript/no-require-imports -- it is CommonJS
// An app as bundlers write them: a CommonJS main file found by its package.json, that quits with its last window.
const { app, BrowserWindow } = require('electron')

app.on('ready', () => {
  void new BrowserWindow({ show: true }).loadURL('data:text/html,<title>of old</title><h1>of old</h1>')
})
