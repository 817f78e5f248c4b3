// Starts `bdnnc lsp` and lets the editor speak to it. All that is known of the language is on the other side.
const { commands, window, workspace } = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

let client;

async function start() {
  const [command, ...args] = workspace.getConfiguration("bdnn").get("command");
  const server = { command, args, transport: TransportKind.stdio };
  client = new LanguageClient("bdnn", "BDNN", server, { documentSelector: [{ language: "bdnn" }] });
  try {
    await client.start();
  } catch (error) {
    window.showErrorMessage(`${command} does not start: pip install "bdnnlang[lsp]", or set bdnn.command. (${error.message})`);
  }
}

async function stop() {
  await client?.dispose();
  client = undefined;
}

async function restart() {
  await stop();
  await start();
}

async function activate(context) {
  context.subscriptions.push(commands.registerCommand("bdnn.restart", restart));
  context.subscriptions.push(workspace.onDidChangeConfiguration((change) => change.affectsConfiguration("bdnn") && restart()));
  await start();
}

module.exports = { activate, deactivate: stop };
