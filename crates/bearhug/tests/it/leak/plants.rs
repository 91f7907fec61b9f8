//! Where canaries are planted.

use std::os::unix::fs::symlink;

use crate::support::{FORMS, Forge, TestEnvironment, base64};

/// A tree of canaries, at `tree` below the working folder.
pub(super) struct Plants {
    pub(super) forge: Forge,
    /// The parts that nobody may see.
    pub(super) secrets: Vec<String>,
}

impl Plants {
    pub(super) fn new(seed: u64) -> Self {
        Self { forge: Forge::new(seed), secrets: Vec::new() }
    }

    /// A new user token to plant.
    pub(super) fn token(&mut self) -> String {
        let token = self.forge.token();
        self.secrets.push(token[3..].to_owned());
        token
    }

    /// Plants all there is.
    pub(super) fn everywhere(seed: u64, env: &TestEnvironment) -> Self {
        let mut plants = Self::new(seed);
        plants.kinds(env);
        plants.forms(env);
        plants.neighbours(env);
        plants.glued(env);
        plants.names(env);
        plants.pieces(env);
        plants
    }

    fn kinds(&mut self, env: &TestEnvironment) {
        let all = self.forge.every_kind();
        let together: Vec<_> = all.iter().map(|planted| planted.text.clone()).collect();
        env.write("tree/kinds/all.toml", together.join("\n"));
        env.write("tree/kinds/one-line", together.join("; ").replace('\n', " "));
        for planted in all {
            env.write(format!("tree/kinds/{}", planted.kind), &planted.text);
            self.secrets.push(planted.secret);
        }
    }

    /// In every form, by itself and beside a plain one, whose line is shown.
    fn forms(&mut self, env: &TestEnvironment) {
        for (name, write) in FORMS {
            let (plain, hidden) = (self.token(), self.token());
            let written = write(hidden.as_bytes());
            env.write(format!("tree/forms/{name}"), &written);
            let line = [b"a = '", plain.as_bytes(), b"', b = '", &written, b"'\n"].concat();
            env.write(format!("tree/forms/beside {name}"), line);
        }
        for skipped in 0..3 {
            let (plain, hidden) = (self.token(), self.token());
            let text = base64(format!("{}{hidden} and so on", &"xyz"[..skipped]).as_bytes());
            env.write(format!("tree/base64/{skipped}"), format!("{text}\n{plain} {text}"));
            let twice = base64(text.as_bytes());
            env.write(format!("tree/base64/twice {skipped}"), format!("{twice} {plain}"));
            let wrapped: Vec<_> =
                text.as_bytes().chunks(19).map(|line| String::from_utf8_lossy(line)).collect();
            env.write(format!("tree/base64/wrapped {skipped}"), wrapped.join("\n    "));
        }
    }

    /// Beside one another, and in pieces.
    fn neighbours(&mut self, env: &TestEnvironment) {
        let many: Vec<_> = (0..60).map(|_| self.token()).collect();
        for (name, glue) in
            [("spaces", " "), ("commas", ","), ("nothing", ""), ("dots", "."), ("dashes", "-")]
        {
            env.write(format!("tree/neighbours/{name}"), many[..12].join(glue));
        }
        env.write("tree/neighbours/lines", many.join("\n"));
        for (i, token) in many[..20].iter().enumerate() {
            let filler = " x".repeat(26 + i);
            env.write(
                format!("tree/neighbours/window {i}"),
                format!("{token}{filler}{}{filler}{token}", many[20 + i]),
            );
        }
        let (plain, split) = (self.token(), self.token());
        let parts = [&split[..3], &split[3..15], &split[15..25], &split[25..]];
        let joined = parts.map(|part| format!("\"{part}\"")).join(" + ");
        env.write("tree/neighbours/joined.py", format!("a = {joined}; b = '{plain}'\n"));
        env.write("tree/neighbours/joined.js", format!("b = '{plain}', a = {joined};\n"));
    }

    /// With something at either end that makes it no token, or a doubtful one.
    fn glued(&mut self, env: &TestEnvironment) {
        for (i, (before, after)) in [
            ("x", ""),
            ("", "x"),
            ("", "Abc9"),
            ("my_", ""),
            ("_", "_"),
            ("", "_x"),
            ("hf_", ""),
            ("\u{e9}", "\u{e9}"),
            ("\0", "\0"),
            ("https://ada:", "@huggingface.co/ada/model"),
            ("\x1b[32m", "\x1b[0m"),
        ]
        .into_iter()
        .enumerate()
        {
            let (plain, glued) = (self.token(), self.token());
            let text = format!("{before}{glued}{after}");
            env.write(format!("tree/glued/{i}"), format!("{text}\n{plain} {text}\n{text} {plain}"));
        }
    }

    /// In the names of files, folders and links.
    fn names(&mut self, env: &TestEnvironment) {
        let mut name = || self.token();
        env.write(format!("tree/{}", name()), "empty of tokens");
        env.write(format!("tree/{}/{}.txt/{}", name(), name(), name()), name());
        env.write(format!("tree/almost-{}x/file", name()), name());
        env.write(format!("tree/x{}/file", name()), name());
        env.write(format!("tree/{}", base64(name().as_bytes())), name());
        env.write(format!("tree/{}", crate::support::written("percent", &name())), name());
        env.write(format!("tree/{} {}", name(), name()), name());
        symlink(format!("../{}", name()), env.path("tree/link")).unwrap();
        symlink("nowhere", env.path(format!("tree/{}", name()))).unwrap();
        env.write(format!("tree/{}/large", name()), vec![b'x'; 3_000]);
        env.folder(format!("tree/{}", name()));
        env.git_in(&env.path("tree"), ["init", "-q", &name()]);
    }

    /// Where a large file is cut.
    fn pieces(&mut self, env: &TestEnvironment) {
        let mut text = vec![b' '; 3 << 20];
        for (i, from) in [(1 << 20) - 60, (2 << 20) - 20, (2 << 20) - 4_096 - 20].iter().enumerate()
        {
            for n in 0..4 {
                let at = from + n * (40 + i);
                text[at..at + 37].copy_from_slice(self.token().as_bytes());
            }
        }
        env.write("tree/pieces", text);
    }
}
