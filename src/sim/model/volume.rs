//! Files on storages that belong to no VM: ISO images, images to copy, snippets.

/// A file.
#[derive(Debug, Clone)]
pub struct Volume {
    /// Storage that holds it.
    pub storage: &'static str,
    /// `iso`, `import`, `snippets`.
    pub content: &'static str,
    /// Name within its folder.
    pub name: &'static str,
    /// Bytes.
    pub size: u64,
    /// Epoch seconds.
    pub ctime: i64,
}

impl Volume {
    /// `local:iso/debian-12.iso`.
    #[must_use]
    pub fn volid(&self) -> String {
        format!("{}:{}/{}", self.storage, self.content, self.name)
    }
}
