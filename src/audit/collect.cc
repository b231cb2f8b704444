// SPDX-License-Identifier: Apache-2.0
#include "audit/collect.h"

#include <algorithm>
#include <set>
#include <utility>

#include "audit/processes.h"
#include "base/digest.h"
#include "scan/for_each.h"
#include "source/directory.h"

namespace keytidy::audit {
namespace {

class Collector {
 public:
  Collector(const match::Engine& engine, const Request& request,
            scan::Progress* progress, const std::stop_token& stop, Scene* scene)
      : engine_(engine),
        request_(request),
        progress_(progress),
        stop_(stop),
        scene_(scene),
        finder_(request.machine),
        context_{request.machine,    request.knowledge, engine,
                 request.options,    RandomBytes(32),   {},
                 request.fingerprint} {}

  Result<Collection> Run() {
    for (std::size_t i = 0; i < request_.options.jobs; ++i) {
      auto scanner = scan::BlobScanner::Make(engine_, request_.options,
                                             request_.roots, progress_);
      if (!scanner) return Fail(scanner.error());
      scanners_.push_back(*std::move(scanner));
    }
    scene_->clients = request_.book.All();
    // Of a file that two could claim, AI clients' own files go first.
    std::vector<const Client*> order = scene_->clients;
    std::stable_sort(
        order.begin(), order.end(),
        [](const Client* a, const Client* b) { return a->kind < b->kind; });
    WantKeychains(order);
    for (const Client* client : order) finder_.FindUserFiles(*client);
    ReadFound();
    for (const std::string& folder : Projects()) {
      for (const Client* client : order) {
        finder_.FindProjectFiles(*client, folder);
      }
    }
    if (request_.processes) {
      for (FoundFile& file : FindProcesses()) finder_.Add(std::move(file));
    }
    ReadFound();
    LookForPrograms();
    for (auto& scanner : scanners_) {
      out_.parts.push_back(std::move(scanner->collected()));
    }
    out_.skipped = finder_.TakeSkipped();
    return std::move(out_);
  }

 private:
  void WantKeychains(const std::vector<const Client*>& clients) {
    for (const Client* client : clients) {
      for (const ClientFile& file : client->files) {
        if (!file.keychain_setting) continue;
        for (const ShownPath& one :
             Expand(request_.machine, file.keychain_file)) {
          context_.keychain_settings[one.path].push_back(
              *file.keychain_setting);
        }
      }
    }
  }

  void ReadFound() {
    const std::vector<FoundFile> found = finder_.TakeFound();
    const std::size_t first = scene_->files.size();
    scene_->files.resize(first + found.size());
    std::vector<std::vector<PlainKey>> plain(found.size());
    scan::ForEach(scanners_.size(), found.size(), stop_,
                  [&](std::size_t worker, std::size_t i) {
                    FileReader reader(context_, scanners_[worker].get());
                    scene_->files[first + i] =
                        reader.Read(found[i], first + i, stop_, &plain[i]);
                  });
    for (std::size_t i = 0; i < found.size(); ++i) {
      // Those that were not reached before an interruption.
      if (scene_->files[first + i].file.client == nullptr) {
        scene_->files[first + i].file = found[i];
      }
      for (PlainKey& key : plain[i]) out_.plain.push_back(std::move(key));
    }
  }

  std::vector<std::string> Projects() {
    std::set<std::string> out;
    for (const FileFacts& file : scene_->files) {
      for (const std::string& recorded : file.projects) {
        std::string folder = ProjectFolder(request_.machine, recorded);
        if (!folder.empty()) out.insert(std::move(folder));
      }
    }
    for (std::string folder : request_.projects) {
      while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
      auto entries = source::ListDirectory(folder);
      if (!entries) {
        scanners_[0]->Skip(
            folder,
            entries.error().message.substr(
                std::min(entries.error().message.size(), folder.size() + 2)),
            true);
        continue;
      }
      out.insert(folder);
      for (const source::Entry& entry : *entries) {
        if (entry.kind == source::EntryKind::kDirectory) {
          out.insert(folder + "/" + entry.name);
        }
      }
    }
    return {out.begin(), out.end()};
  }

  void LookForPrograms() {
    const auto platform = static_cast<std::size_t>(request_.machine.platform);
    std::set<const Client*> here;
    for (const FileFacts& file : scene_->files) here.insert(file.file.client);
    for (const Client* client : here) {
      if (client == nullptr) continue;
      const auto stands = finder_.AnyStands(client->installed[platform]);
      if (stands) scene_->installed[client] = *stands;
    }
  }

  const match::Engine& engine_;
  const Request& request_;
  scan::Progress* progress_;
  const std::stop_token& stop_;
  Scene* scene_;
  FileFinder finder_;
  ReadContext context_;
  std::vector<std::unique_ptr<scan::BlobScanner>> scanners_;
  Collection out_;
};

}  // namespace

Result<Collection> Collect(const match::Engine& engine, const Request& request,
                           scan::Progress* progress,
                           const std::stop_token& stop, Scene* scene) {
  return Collector(engine, request, progress, stop, scene).Run();
}

}  // namespace keytidy::audit
