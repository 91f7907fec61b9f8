//! Where editors, agents and chat programs keep settings and what was said.
//!
//! Folders of extensions and models, which hold gigabytes that somebody else wrote, are left out.

use super::{Place, own, storage};

pub(super) const PLACES: &[Place] = &[
    own(
        storage(
            "agent_transcript",
            "agent transcript",
            "Delete the session. What an agent read has also been with its provider, so that only \
             revoking the token helps.",
        ),
        &[
            "$CLAUDE_CONFIG_DIR/projects/",
            "$CLAUDE_CONFIG_DIR/history.jsonl",
            "$CLAUDE_CONFIG_DIR/todos/",
            "$CLAUDE_CONFIG_DIR/shell-snapshots/",
            "$CODEX_HOME/sessions/",
            "$CODEX_HOME/archived_sessions/",
            "$CODEX_HOME/history.jsonl",
            "$CODEX_HOME/log/",
            "~/.gemini/tmp/",
            "~/.gemini/history/",
            "~/.cursor/projects/",
            "~/.cursor/chats/",
            "~/.continue/sessions/",
            "$XDG_DATA_HOME/opencode/",
            "$XDG_DATA_HOME/goose/",
            "~/.aider.chat.history.md",
            "./.aider.chat.history.md",
            "./.aider.input.history",
        ],
    ),
    own(
        storage(
            "mcp_config",
            "MCP configuration",
            "Take the header or variable out and let the client ask: most can prompt for a secret or \
             log in with OAuth.",
        ),
        &[
            "~/.mcp.json",
            "./.mcp.json",
            "~/.cursor/mcp.json",
            "./.cursor/mcp.json",
            "./.vscode/mcp.json",
            "$XDG_CONFIG_HOME/*/User/mcp.json",
            "~/Library/Application Support/*/User/mcp.json",
            "$XDG_CONFIG_HOME/Claude/claude_desktop_config.json",
            "~/Library/Application Support/Claude/claude_desktop_config.json",
            "~/.codeium/windsurf/mcp_config.json",
            "~/.lmstudio/mcp.json",
            "$XDG_CONFIG_HOME/mcp/",
        ],
    ),
    own(
        storage(
            "agent_settings",
            "agent settings",
            "Take it out of the settings; agents hand their environment to every tool they run.",
        ),
        &[
            "~/.claude.json*",
            "$CLAUDE_CONFIG_DIR/",
            "$XDG_CONFIG_HOME/Claude/*.json",
            "$XDG_CONFIG_HOME/Claude/logs/",
            "~/Library/Application Support/Claude/*.json",
            "$CODEX_HOME/",
            "~/.gemini/",
            "~/.copilot/",
            "~/.qwen/",
            "~/.continue/config.*",
            "~/.continue/.env",
            "~/.aider*",
            "./.aider*",
            "$XDG_CONFIG_HOME/opencode/",
            "$XDG_CONFIG_HOME/goose/",
            "$XDG_CONFIG_HOME/crush/",
        ],
    ),
    own(
        storage(
            "editor_settings",
            "editor settings",
            "Take it out of the settings, and out of what settings sync has copied. Extensions can \
             read all of it.",
        ),
        &[
            "$XDG_CONFIG_HOME/Code/User/",
            "$XDG_CONFIG_HOME/Code - Insiders/User/",
            "$XDG_CONFIG_HOME/VSCodium/User/",
            "$XDG_CONFIG_HOME/Cursor/User/",
            "$XDG_CONFIG_HOME/Windsurf/User/",
            "~/.vscode-server/data/User/",
            "~/.vscode-server/data/Machine/",
            "~/.cursor-server/data/User/",
            "~/Library/Application Support/Code/User/",
            "~/Library/Application Support/Cursor/User/",
            "~/.cursor/*.json",
            "$XDG_CONFIG_HOME/zed/",
            "$XDG_DATA_HOME/zed/threads/",
            "$XDG_DATA_HOME/zed/conversations/",
            "./.vscode/",
            "./.zed/",
            "$XDG_CONFIG_HOME/sublime-text/Packages/User/",
        ],
    ),
    own(
        storage(
            "jetbrains",
            "JetBrains settings",
            "Take it out of the run configuration or scratch file, and clear Local History.",
        ),
        &[
            "$XDG_CONFIG_HOME/JetBrains/*/options/",
            "$XDG_CONFIG_HOME/JetBrains/*/workspace/",
            "$XDG_CONFIG_HOME/JetBrains/*/scratches/",
            "$XDG_CONFIG_HOME/JetBrains/*/consoles/",
            "~/Library/Application Support/JetBrains/*/options/",
            "./.idea/",
        ],
    ),
    own(
        storage(
            "model_app",
            "local model program",
            "Log out in the program's settings, which removes it.",
        ),
        &[
            "~/.lmstudio/*.json",
            "~/.lmstudio/.internal/*.json",
            "~/.lmstudio/conversations/",
            "$XDG_CONFIG_HOME/LM Studio/*.json",
            "~/.open-webui/*",
            "~/.open-webui/data/",
            "$XDG_DATA_HOME/open-webui/",
            "~/.ollama/history",
            "~/.ollama/logs/",
            "$XDG_CONFIG_HOME/Jan/*.json",
            "$XDG_DATA_HOME/Jan/data/settings/",
            "~/invokeai/invokeai.yaml",
        ],
    ),
];
